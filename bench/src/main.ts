// `npx pnpm@12 bench [--only NAME [--write]] [--quick]`: see docs/performance.md, which a full run writes.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureMemory } from './measure-memory.ts'
import { measureTime } from './measure-time.ts'
import { canPin, pinThisProcess } from './pinning.ts'
import { section, summary, thisMachine } from './report.ts'
import type { RowResult } from './result.ts'
import { rows } from './rows/index.ts'

const PAGE = new URL('../../docs/performance.md', import.meta.url)
const DATA = new URL('../../docs/performance.json', import.meta.url)
/** What a run writes stands behind this line; what stands before it is written by hand. */
const MARK = '<!-- Everything below is written by `npx pnpm@12 bench`. -->\n'

const USAGE = `npx pnpm@12 bench [--only NAME [--write]] [--quick]
  --only NAME  one row: ${rows.map(({ name }) => name).join(', ')}
  --write      puts that row in the place of its last figures
  --quick      a fifth of the rounds, for a first look
A run of everything writes docs/performance.md and docs/performance.json; any other only prints, unless told to write.`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean' },
    quick: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
const chosen = rows.filter(({ name }) => values.only === undefined || name === values.only)
if (values.help || chosen.length === 0) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 1)
}

const turns = values.quick ? { starts: 3, rounds: 4, warmUps: 3 } : { starts: 10, rounds: 6, warmUps: 6 }
const memoryRounds = values.quick ? 3 : 9
pinThisProcess()
if (!canPin) console.log('Processes cannot be kept on cores of their own here; figures will be less steady.')

const results: RowResult[] = []
for (const row of chosen) {
  const result =
    row.measures === 'time' ? await measureTime(row, turns) : await measureMemory(row, memoryRounds)
  results.push(result)
  console.log(`\n${section(result)}\n${summary(result)}`)
}

if ((values.only === undefined || values.write) && !values.quick) write(results)

/** Writes the page and its data: these figures, and for rows that were not measured those that stand there. */
function write(measured: readonly RowResult[]): void {
  const before =
    values.only === undefined ? [] : (JSON.parse(readFileSync(DATA, 'utf8')).results as readonly RowResult[])
  const all = rows.flatMap(({ name }) => {
    const found = [...measured, ...before].find((result) => result.name === name)
    return found ? [found] : []
  })
  const machine = thisMachine()
  const [words = ''] = readFileSync(PAGE, 'utf8').split(MARK)
  const where = `Measured on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}${machine.pinned ? '; servers on one core, the load on another' : ''}.\n`
  writeFileSync(PAGE, [words + MARK, where, ...all.map(section)].join('\n'))
  writeFileSync(DATA, `${JSON.stringify({ machine, results: all }, undefined, 2)}\n`)
}
