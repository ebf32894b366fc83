export { type EmbeddedServer, runningServer, type ServerOptions, startServer } from './server.ts'
