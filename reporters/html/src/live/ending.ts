/** The last that a page is told that follows a run. */
export interface Ending {
  /** Absent when none was written. */
  readonly file?: string | undefined
}
