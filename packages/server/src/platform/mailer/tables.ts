export interface SmtpServersTable {
  id: string;
  host: string;
  port: number;
  username: string | null;
  password_sealed: string | null;
  from_email: string;
  from_name: string | null;
  secure: number;
  active: number;
  weight: number;
  created_at: number;
}

export interface DevelopmentMailsTable {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  created_at: number;
}

declare module '../database/schema.ts' {
  interface Schema {
    smtp_servers: SmtpServersTable;
    development_mails: DevelopmentMailsTable;
  }
}
