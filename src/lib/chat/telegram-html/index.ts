export { pageNumber, readTelegramHtml } from './read.ts'
