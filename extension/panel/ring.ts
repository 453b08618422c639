/** Two soft notes, a fifth apart; heard, not startling. Hertz, and seconds from the start. */
const notes = [
  [660, 0],
  [990, 0.12],
] as const;

/** Makes a sound without a file: nothing to load, nothing to fail. A browser that allows none stays silent. */
export function createRing(): () => void {
  let context: AudioContext | undefined;
  return () => {
    context ??= new AudioContext();
    const { currentTime: now, destination } = context;
    void context.resume().catch(() => {});
    for (const [hertz, at] of notes) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, now + at);
      volume.gain.linearRampToValueAtTime(0.15, now + at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, now + at + 0.35);
      tone.connect(volume).connect(destination);
      tone.start(now + at);
      tone.stop(now + at + 0.4);
    }
  };
}
