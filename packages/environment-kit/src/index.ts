export { readNumber, readText } from './files.ts'
export { heapFlagsOf, leastHeapMb, type HeapFlags } from './heap/flags.ts'
export { lostFlag, provenHeapLimit } from './heap/proof.ts'
