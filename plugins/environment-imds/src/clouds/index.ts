import { aliyun } from './aliyun.ts'
import { aws } from './aws.ts'
import { azure } from './azure.ts'
import type { Cloud } from './cloud.ts'
import { gcp } from './gcp.ts'
import { tencent } from './tencent.ts'

export const clouds: readonly Cloud[] = [aws, azure, gcp, aliyun, tencent]
