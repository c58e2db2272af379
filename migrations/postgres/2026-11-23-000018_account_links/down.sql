DROP TABLE member_invitations;
DROP TABLE account_letters;
DROP TABLE account_links;
