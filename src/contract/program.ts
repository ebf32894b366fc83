/*
 * What the command line and the built server agree on. Neither imports the other: the command loads `server.js` beside it
 * and calls these.
 */

export interface ServerOptions {
  /** The data directory; that of the environment or the usual one of the system unless told. */
  readonly data?: string
  readonly host?: string
  readonly port?: number
}

export interface ServeOptions extends ServerOptions {
  /** Makes the link for setting up again; the former one is worth nothing then. */
  readonly newSetupLink?: boolean
  /** Aborted when the server is to end. */
  readonly signal: AbortSignal
  /** A line for whoever started the server. */
  say(line: string): void
  /** A line of the log. */
  log(line: string): void
}

/** One thing that `doctor` looked at. `advice` says what to do where something is not well. */
export interface Finding {
  readonly what: string
  readonly state: 'well' | 'note' | 'bad'
  readonly says: string
  readonly advice?: string
}

export interface BackupOptions extends ServerOptions {
  /** The file to be made; nothing may be there. */
  readonly out: string
  /** Whose key opens it: an age recipient. */
  readonly to: string
  readonly signal: AbortSignal
  /** Sealed files so far, and in all. */
  onProgress?(done: number, total: number): void
}

export interface RestoreOptions extends ServerOptions {
  readonly file: string
  readonly fileBytes: number
  /** A file with the age identity that opens it. */
  readonly identityFile: string
  readonly signal: AbortSignal
  /** Bytes so far, and in all. */
  onProgress?(done: number, total: number): void
}

export interface BackupOutcome {
  /** Of the backup. */
  readonly bytes: number
}

export interface RehearsalOptions {
  /** The data directory: absent or empty. Nothing of the environment is used, so that no other database is written to. */
  readonly data: string
  /** Ends the server. */
  readonly signal: AbortSignal
  /** A line of the log. */
  log(line: string): void
}

/**
 * A server for showing what a server does: with the clock of the system until it is turned forward, easy puzzles, and limits
 * that one address does not reach.
 */
export interface Rehearsal {
  readonly url: string
  /** What proves the right to set the organisation up. */
  readonly setupToken: string
  /** Name of the custody log. */
  readonly logOrigin: string
  /** Its folder, as commands take it; the log itself lies in the server's database. */
  readonly logFolder: string
  /** The server's time. */
  now(): Date
  /** Does what is due, turns the clock forward, does what is due then, and says how many hits wait for a later list. */
  forward(ms: number): Promise<number>
  /** Resolves when the server and its database have ended; rejects when they ended by a fault. */
  readonly ended: Promise<void>
}

/** What `server.js` exports. */
export interface ServerProgram {
  /** Runs the server until the signal, then ends it tidily. */
  serve(options: ServeOptions): Promise<void>
  /** Looks at everything the server needs, running or not, and changes nothing. */
  doctor(options: ServerOptions): Promise<readonly Finding[]>
  backup(options: BackupOptions): Promise<BackupOutcome>
  restore(options: RestoreOptions): Promise<BackupOutcome>
  /** Starts a server for showing, and gives it once it accepts everything. Throws as `serve`. */
  rehearse(options: RehearsalOptions): Promise<Rehearsal>
}
