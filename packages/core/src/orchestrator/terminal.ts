import type { Logger } from '../plugin/common.ts'
import type { Terminal, TerminalStream } from '../plugin/reporter.ts'
import { drawn } from '../text/gate.ts'

/** The terminal as reporters get it: everything is redacted, and they may draw. */
export function reporterTerminal({ stdout, stderr }: Terminal, redact: (text: string) => string): Terminal {
  const cleaned = (stream: TerminalStream): TerminalStream => ({
    get isTTY() {
      return stream.isTTY
    },
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
    color: stream.color,
    ...(stream.unicode !== undefined && { unicode: stream.unicode }),
    write: (text) => stream.write(drawn(redact(text), stream)),
  })
  return { stdout: cleaned(stdout), stderr: cleaned(stderr) }
}

/** Where plugins write for people: stderr, each line prefixed by its source. `debug` is for those who wait. */
export function terminalLog(
  { stderr }: Terminal,
  redact: (text: string) => string,
  debug: (message: string) => void = () => {},
): (source: string) => Logger {
  return (source) => {
    const say = (message: string): void => stderr.write(redact(`[${source}] ${message}\n`))
    return { debug, info: say, warn: say }
  }
}
