import type { Charts } from '../charts/chart.ts'

/** What a page that follows a run is told, whole each time, so that one that missed some needs only the last. */
export interface LiveState {
  readonly html: string
  readonly charts: Charts
  readonly title: string
}

/** The last that such a page is told. */
export interface Ending {
  /** Absent when none was written. */
  readonly file?: string | undefined
}
