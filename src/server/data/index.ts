export { type DataDirectory, openDataDirectory } from './data-directory.ts'
export { makeSetupLink, readSetup, type Setup } from './setup.ts'
