// The process of one side: `node side-process.js <row> <side>`.
import { rows } from './rows/index.ts'
import type { Answer, Request } from './side.ts'

const [, , rowName = '', sideName = ''] = process.argv
const make = rows.find(({ name }) => name === rowName)?.sides[sideName]
if (!make) throw new Error(`There is no side '${sideName}' of a row '${rowName}'.`)
const side = await make()
const port = 'listen' in side ? await side.listen() : 0

process.on('message', (request: Request) => void answer(request))
process.on('disconnect', () => process.exit())
tell(0)

async function answer(request: Request): Promise<void> {
  if (request.do === 'work' && 'work' in side) await side.work(request.units)
  tell(request.do === 'memory' ? await heapInUse() : 0)
}

const COLLECTIONS = 12

async function heapInUse(): Promise<number> {
  // The engine gives back what was compiled for the start only after it has seen it unused several times, and
  // finalizers run between the turns.
  for (let round = 0; round < COLLECTIONS; round += 1) {
    globalThis.gc?.()
    await new Promise(setImmediate)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function tell(heap: number): void {
  const { user, system } = process.cpuUsage()
  const message: Answer = { port, cpu: user + system, heap, rss: process.memoryUsage.rss() }
  process.send?.(message)
}
