export { BackupError } from './errors.ts'
export type { BackupManifest } from './format.ts'
export { type RestoreTarget, restoreBackup } from './restore-backup.ts'
export { type BackupProgress, type BackupSource, writeBackup } from './write-backup.ts'
