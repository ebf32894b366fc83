export {
  type Call,
  CallError,
  type ClientOptions,
  createCall,
  isRefused,
  type TransportCode,
} from './call.ts'
export { type Client, createClient } from './client.ts'
