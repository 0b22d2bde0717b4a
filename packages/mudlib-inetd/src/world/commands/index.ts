import type { Player } from '../player.ts'
import { carrying } from './carrying.ts'
import type { Command } from './command.ts'
import { moving } from './moving.ts'
import { talking } from './talking.ts'
import { yourself } from './yourself.ts'

const help: Command = {
  name: 'help',
  aliases: ['?'],
  usage: 'help',
  summary: 'says this',
  run(player) {
    player.tell('What you can type:')
    for (const { usage, summary } of COMMANDS) if (summary !== '') player.tell(`${usage}: ${summary}.`)
  },
}

const quit: Command = {
  name: 'quit',
  usage: 'quit',
  summary: 'leaves the world',
  run: (player) => player.quit(),
}

/** In the order in which `help` tells them. */
const COMMANDS: readonly Command[] = [...moving, ...talking, ...carrying, ...yourself, help, quit]

const BY_WORD: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((word) => [word, command] as const),
  ),
)

/** Signs that need no space behind them: `'hello` is `say hello`. */
const SIGNS = /^(['":])\s*(.*)$/u

/** Does what a player typed; the line is neutral text. */
export function runCommand(player: Player, line: string): void {
  const [, word = '', rest = ''] = SIGNS.exec(line) ?? /^(\S+)\s*(.*)$/u.exec(line) ?? []
  const command = BY_WORD.get(word === '"' ? "'" : word.toLowerCase())
  if (command) command.run(player, rest)
  else player.tell('That is not something you can do here. Type help for what is.')
}
