/**
 * What the host costs by itself, and what it adds to drivers. `pnpm bench host`; takes some ten minutes. Memory is that of
 * the build, where there is one.
 */
import { benchHeader } from '@cloudbench/fixtures/bench/row'
import { benchLoop } from './loop.ts'
import { benchGrowth, benchWorkers } from './memory.ts'
import { benchPacing } from './pacing.ts'
import { benchRecord } from './record.ts'

await benchRecord()
console.log()
benchHeader()
benchWorkers()
await benchGrowth()
await benchLoop()
await benchPacing()
