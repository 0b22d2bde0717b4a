// `npx pnpm@12 mutants`: breaks the contract in core in one way after another, and expects the model, or what reading must be, to notice.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const core = fileURLToPath(new URL('../packages/core/', import.meta.url))
const copy = `${core}.mutants/`
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

/** Every way to break it: in `file` the text `find`, which must be there once, becomes `replace`. */
const MUTANTS = [
  {
    name: 'drops what is held when the peer closes',
    file: 'inbound.ts',
    find: "if (this.#endpoint.life !== 'open' || !isClean(reason)) {",
    replace: 'if (reason) {',
  },
  {
    name: 'delivers inside acquire',
    file: 'endpoint.ts',
    find: '    this.refresh()\n    return handle\n',
    replace: '    this.refresh()\n    this.deliver()\n    return handle\n',
  },
  {
    name: 'does not look again after an item',
    file: 'inbound.ts',
    find: "return ready === 'none' ? undefined : this.take(ready, ",
    replace: 'return this.take(this.mode, ',
  },
  {
    name: 'keeps the handlers of the old owner',
    file: 'stream-endpoint.ts',
    find: '    this.inbound.install(handlers, mode)\n    this.paused = false\n',
    replace: '    if (this.epoch === 0) this.inbound.install(handlers, mode)\n    this.paused = false\n',
  },
  {
    name: 'has two valid handles',
    file: 'handle.ts',
    find: 'if (endpoint.handle !== handle) throw revoked(endpoint)',
    replace: '',
  },
  {
    name: 'delivers within a delivery',
    file: 'inbound.ts',
    find: "    } else if (this.#turn === 'delivering') return\n    else if (context.turns.busy > 0) this.plan()\n",
    replace: '    }\n',
  },
  {
    name: 'delivers inside a call into the driver',
    file: 'inbound.ts',
    find: 'else if (context.turns.busy > 0) this.plan()',
    replace: 'else if (this.mode === undefined) this.plan()',
  },
  {
    name: 'delivers while the socket is on offer',
    file: 'inbound.ts',
    find: "life === 'open' && offer === undefined && !paused",
    replace: "life === 'open' && !paused",
  },
  {
    name: 'takes the pause of the old owner for the new one’s',
    file: 'stream-endpoint.ts',
    find: '    this.paused = false\n',
    replace: '',
  },
  {
    name: 'forgets the CR before a chunk',
    file: 'reader.ts',
    find: 'this.#afterCr = !this.messages',
    replace: 'this.#afterCr = false',
  },
  {
    name: 'goes on with decoded lines where somebody else has read on',
    file: 'reader.ts',
    find: 'if (lines !== undefined && lines.offset !== held.offset) lines = undefined',
    replace: '',
  },
  {
    name: 'loses half a character at the end of a chunk',
    file: 'reader.ts',
    find: 'held.offset = end - tail\n',
    replace: 'held.shift()\n',
  },
  {
    name: 'lets a signal overtake the lines before it',
    file: 'inbound.ts',
    find: '    this.pushItem(new SignalItem(name, payload))\n    this.arrived()\n',
    replace: '    this.hand(new SignalItem(name, payload))\n',
  },
  {
    name: 'owes nobody the drain of the old owner',
    file: 'stream-endpoint.ts',
    find: '    this.inbound.install(handlers, mode)\n    this.paused = false\n',
    replace:
      '    this.inbound.install(handlers, mode)\n    this.inbound.drainDue = false\n    this.paused = false\n',
  },
  {
    name: 'tells a close twice',
    file: 'endpoint.ts',
    find: '    this.untold = undefined\n',
    replace: '',
  },
  {
    name: 'says acquired when it was only offered',
    file: 'offer-record.ts',
    find: "      case 'acquired':\n        return ACQUIRED\n",
    replace: "      case 'acquired':\n      case 'declined':\n        return ACQUIRED\n",
  },
  {
    name: 'closes what an heir has taken',
    file: 'endpoint.ts',
    find: "if (this.life === 'open' && this.owner && offerToHeir(this, this.owner)) return",
    replace: "if (this.life === 'open' && this.owner) offerToHeir(this, this.owner)",
  },
  {
    name: 'lets more be unsent than the hard limit',
    file: 'outbound.ts',
    find: 'this.unsent + bytesOf(part) > limits.hardLimit',
    replace: 'this.unsent > limits.hardLimit',
  },
  {
    name: 'delivers what a link sends behind the end',
    file: 'inbound.ts',
    find: "=== 0 && this.peer === 'sending' && this.isClear",
    replace: '=== 0 && this.isClear',
  },
  {
    name: 'believes that a link never calls back from inside a call',
    file: 'endpoint.ts',
    find: '    turns.busy += 1\n    try {\n      return call()\n    } catch (error) {\n      this.linkThrew(error)\n      return undefined\n    } finally {\n      turns.busy -= 1\n    }\n',
    replace:
      '    try {\n      return call()\n    } catch (error) {\n      this.linkThrew(error)\n      return undefined\n    }\n',
  },
  {
    name: 'lets out what a link throws',
    file: 'endpoint.ts',
    find: '      this.linkThrew(error)\n      return undefined\n',
    replace: '      throw error\n',
  },
  {
    name: 'takes two closes of a link for two',
    file: 'inbound.ts',
    find: '    if (this.isGone) return\n',
    replace: '',
  },
  {
    name: 'owes a drain to who waits for none',
    file: 'outbound.ts',
    find: "this.blocked && this.#endpoint.life === 'open' && ",
    replace: "this.#endpoint.life === 'open' && ",
  },
  {
    name: 'serves connections while the listener is on offer',
    file: 'listener-endpoint.ts',
    find: "this.life === 'open' && this.offer === undefined && !this.paused &&",
    replace: "this.life === 'open' && !this.paused &&",
  },
  {
    name: 'serves the last who came first',
    file: 'waiting-links.ts',
    find: 'this.#waiting.push({ link,',
    replace: 'this.#waiting.unshift({ link,',
  },
  {
    name: 'forgets who waits when the listener closes',
    file: 'waiting-links.ts',
    find: "for (let link = this.shift(); link; link = this.shift()) this.refuse(link, 'listener-closed')",
    replace: 'while (this.shift());',
  },
  {
    name: 'delivers a datagram while the socket is on offer',
    file: 'datagram-endpoint.ts',
    find: "this.life === 'open' && this.offer === undefined && !this.paused &&",
    replace: "this.life === 'open' && !this.paused &&",
  },
  {
    name: 'does not look again after a datagram',
    file: 'datagram-endpoint.ts',
    find: 'return this.#isReady ? this.#held.shift() : undefined',
    replace: 'return this.#held.shift()',
  },
  {
    name: 'lets a datagram overtake those that wait',
    file: 'datagram-endpoint.ts',
    find: 'if (this.#isReady && this.#held.length === 0 && this.context.turns.busy === 0)',
    replace: 'if (this.#isReady && this.context.turns.busy === 0)',
  },
  {
    name: 'drops a datagram and does not count it',
    file: 'held-datagrams.ts',
    find: '      this.dropped += 1\n',
    replace: '',
  },
]

/** @returns {boolean} whether the model holds for the sources in the copy */
function modelHolds() {
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', copy, '--bail=1', 'test/model', 'test/reading', 'test/framing'],
    {
      env: { ...process.env, FC_RUNS: '1000' },
      stdio: 'ignore',
      timeout: 120_000,
    },
  )
  return status === 0
}

const only = process.argv[2] ?? ''
let survivors = 0
rmSync(copy, { recursive: true, force: true })
try {
  for (const part of ['src', 'test', 'vitest.config.ts'])
    cpSync(core + part, copy + part, { recursive: true })
  const config = `${copy}vitest.config.ts`
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace('../../vitest.shared.ts', '../../../vitest.shared.ts'),
  )
  if (!modelHolds()) throw new Error('The model does not hold even before anything is broken.')
  for (const { name, file, find, replace } of MUTANTS.filter((mutant) => mutant.name.includes(only))) {
    const path = `${copy}src/${file}`
    const source = readFileSync(path, 'utf8')
    const parts = source.split(find)
    if (parts.length !== 2)
      throw new Error(`'${name}': the text to break stands ${parts.length - 1} times in ${file}.`)
    writeFileSync(path, parts.join(replace))
    const survived = modelHolds()
    writeFileSync(path, source)
    if (survived) survivors += 1
    process.stdout.write(`${survived ? 'SURVIVED' : 'killed  '}  ${name}\n`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
process.stdout.write(`${survivors === 0 ? 'The model notices all of it.' : `${survivors} went unnoticed.`}\n`)
process.exitCode = survivors === 0 ? 0 : 1
