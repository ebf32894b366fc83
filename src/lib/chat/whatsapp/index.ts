export { openZone, type Zone } from './zone.ts'
export { countHeaders, readWhatsappText } from './read.ts'
