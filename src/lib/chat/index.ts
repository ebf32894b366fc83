export { type Detection, detectChat, openChat } from './detect.ts'
export { CHAT_ERROR_CODES, ChatError, type ChatErrorCode } from './errors.ts'
export type * from './model.ts'
export { ATTACHMENT_STATES } from './model.ts'
export { PICTURE_MAGIC_BYTES, pictureTypeOf, readPictures } from './pictures/index.ts'
export { readTelegramHtml } from './telegram-html/index.ts'
export { inspectTelegramJson, isHostilePath, readTelegramJson } from './telegram-json/index.ts'
export {
  type Confidence,
  displayLink,
  type ExtractOptions,
  type ExtractWarning,
  extractIdentifiers,
  type FoundLink,
  findLinks,
  IDENTIFIER_KINDS,
  type Identifier,
  type IdentifierKind,
  LINK_KINDS,
  type Link,
  type LinkKind,
  type LinkPlatform,
  maskLink,
  type Normalised,
  normalise,
  parseLink,
} from './text/index.ts'
export { readWhatsappText } from './whatsapp/index.ts'
