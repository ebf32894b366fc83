export type { BackupManifest } from './format.ts'
export { backup, restore } from './program.ts'
export { type RestoreTarget, restoreBackup } from './restore-backup.ts'
export { type BackupProgress, type BackupSource, writeBackup } from './write-backup.ts'
