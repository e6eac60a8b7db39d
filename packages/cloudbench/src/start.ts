import { constants, enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// what is loaded first: from here on Node keeps what it compiles, so that the next start need not.

/** Of this user alone, since what is in it is run: not Node's own choice, which is below the folder for temporary files. */
const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
const folder = join(cache, 'cloudbench', 'compiled')

// NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 turns it off; a folder that cannot be written is none
if (enableCompileCache(folder).status === constants.compileCacheStatus.ENABLED)
  // for workers and loopback servers
  process.env['NODE_COMPILE_CACHE'] = folder

void import('./main.ts')
