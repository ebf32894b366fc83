export { type MailboxDependencies, mailboxRoutes } from './routes.ts'
