/** What the thread is to do. */
export const command = { sleep: 0, work: 1 } as const

/** The memory that both threads see. */
export interface CanaryCells {
  readonly memory: SharedArrayBuffer
  readonly commands: Int32Array<SharedArrayBuffer>
  /** Nanoseconds; 0 until there is a result. */
  readonly result: Float64Array<SharedArrayBuffer>
}

export function cellsOf(memory: SharedArrayBuffer = new SharedArrayBuffer(16)): CanaryCells {
  return { memory, commands: new Int32Array(memory, 0, 1), result: new Float64Array(memory, 8, 1) }
}
