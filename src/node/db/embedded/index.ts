export { type EmbeddedServer, type ServerOptions, startServer } from './server.ts'
