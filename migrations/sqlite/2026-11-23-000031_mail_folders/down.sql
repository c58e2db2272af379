DROP TABLE mail_folders;
