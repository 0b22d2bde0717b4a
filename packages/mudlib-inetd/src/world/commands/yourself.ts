import type { Command } from './command.ts'

const score: Command = {
  name: 'score',
  usage: 'score',
  summary: 'says how much walking you still have in you',
  run(player) {
    const { left, most } = player.energy
    player.tell(`You are ${player.name}, with ${left} of ${most} steps left before you need a rest.`)
  },
}

const prompt: Command = {
  name: 'prompt',
  usage: 'prompt on, or prompt off',
  summary: 'shows or hides the > in front of what you type',
  run(player, rest) {
    const { screen } = player
    if (!screen) return
    if (rest === 'on' || rest === 'off') screen.hasPrompts = rest === 'on'
    player.tell(screen.hasPrompts ? 'You see prompts.' : 'You see no prompts.')
  },
}

export const yourself: readonly Command[] = [score, prompt]
