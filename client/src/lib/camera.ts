import { platform } from './platform'

/** A picture on the phone, ready to be sent. */
export interface Picture {
  path: string
}

const LONG_SIDE = 2560 // pixels; small print stays readable
const QUALITY = 0.85

/** Let the citizen take or choose pictures of papers, made small enough for a bad network; [] when they left. */
export async function takePictures(most: number): Promise<Picture[]> {
  const chosen = await choose(most)
  return Promise.all(chosen.map(smaller))
}

function choose(most: number): Promise<string[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count: most,
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: (given) => resolve(([] as string[]).concat(given.tempFilePaths)),
      fail: () => resolve([]),
    })
  })
}

async function smaller(path: string): Promise<Picture> {
  if (platform === 'h5') return { path: await drawnSmaller(path) }
  return new Promise((resolve) => {
    uni.compressImage({
      src: path,
      quality: 100 * QUALITY,
      success: (made) => resolve({ path: made.tempFilePath }),
      fail: () => resolve({ path }),
    })
  })
}

/** A browser redraws the picture, turned as its camera meant it; one it cannot read goes as it is. */
async function drawnSmaller(path: string): Promise<string> {
  try {
    const whole = await createImageBitmap(await (await fetch(path)).blob(), { imageOrientation: 'from-image' })
    const scale = Math.min(1, LONG_SIDE / Math.max(whole.width, whole.height))
    if (scale === 1) return path
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(whole.width * scale)
    canvas.height = Math.round(whole.height * scale)
    canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height)
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
    return drawn ? URL.createObjectURL(drawn) : path
  } catch {
    return path
  }
}
