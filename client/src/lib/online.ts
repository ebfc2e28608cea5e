import { onUnmounted } from 'vue'

/** Do something whenever the phone finds its network again, for as long as the page or component is there. */
export function whenOnline(work: () => void): void {
  const hear = (now: { isConnected: boolean }) => {
    if (now.isConnected) work()
  }
  uni.onNetworkStatusChange(hear)
  onUnmounted(() => uni.offNetworkStatusChange(hear))
}
