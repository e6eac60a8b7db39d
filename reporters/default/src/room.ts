/** What is drawn on, as far as summaries depend on it. */
export interface Room {
  readonly columns: number
  readonly isTTY: boolean
  /** `false`: it shows ASCII only. */
  readonly unicode?: boolean | undefined
}

/** Whether there is room for pictures, in letters that show. */
export function hasPictures({ columns, unicode }: Room): boolean {
  return columns >= 110 && unicode !== false
}
