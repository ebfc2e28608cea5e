import { platform } from './platform'
import { Refused } from './refused'

/** A picture on the phone, ready to be sent. */
export interface Picture {
  path: string
}

const LONG_SIDE = 2560 // pixels; small print stays readable
const QUALITY = 0.85
const NO_CAMERA = '没有拿到照片。请在手机的设置里允许使用相机和相册，再试一次。'

/**
 * Let the citizen take or choose pictures of papers, made small enough for a bad network; [] when they left, which
 * a browser may never say. Throws Refused when the phone does not let us.
 */
export async function takePictures(most: number): Promise<Picture[]> {
  const made: Picture[] = []
  // One after the other: several whole pictures at once are more than an old phone's memory holds.
  for (const path of await choose(most)) made.push(await smaller(path))
  return made
}

function choose(most: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    uni.chooseImage({
      count: most,
      sizeType: ['compressed'],
      sourceType: ['camera', 'album'],
      success: (given) => resolve(([] as string[]).concat(given.tempFilePaths)),
      fail: (trouble) => (/cancel|取消/i.test(trouble?.errMsg ?? 'cancel') ? resolve([]) : reject(new Refused('no_camera', NO_CAMERA))),
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
