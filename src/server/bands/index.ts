export { BandIndex, type BandIndexOptions } from './band-index.ts'
export type { AsyncRadiusIndex } from './port.ts'
export {
  type BandTables,
  createBands,
  createPrintsTable,
  distributeBands,
  installedBandWidth,
  type RadiusPrintsTable,
  setBandWidth,
} from './schema.ts'
