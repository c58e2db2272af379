DROP TABLE throttles;
DROP TABLE sign_in_links;
DROP TABLE api_tokens;
DROP TABLE sessions;
DROP TABLE users;
