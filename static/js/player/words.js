// Numbers as a person reads them.

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = number => String(number).padStart(2, "0")
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

export const length = seconds => clock(Math.round(seconds || 0))
export const factor = number => `× ${number.toFixed(2)}`
export const score = why => why.reduce((product, reason) => product * reason.factor, 1).toFixed(1)
