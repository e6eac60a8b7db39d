import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { hasNamespaces, play } from './support/stage.ts'

const canLink =
  hasNamespaces &&
  spawnSync('unshare', ['-n', 'ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far']).status ===
    0

test.skipIf(!canLink)(
  'packets that a real network loses are seen as retransmissions and time-outs',
  async () => {
    const { result } = await play<Readonly<Record<string, number>>>('lost')
    expect(result['tcp.retransmittedSegments']).toBeGreaterThanOrEqual(1)
    expect(result['tcp.timeouts']).toBeGreaterThanOrEqual(1)
    // on the way out, and at the other end of the line
    expect(result['net.packets']).toBeGreaterThanOrEqual(4)
    expect(result['net.sentBytes']).toBeGreaterThan(0)
  },
)
