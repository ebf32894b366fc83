export { countHeaders, readWhatsappText } from './read.ts'
export { openZone, type Zone } from './zone.ts'
