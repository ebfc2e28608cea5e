import { headers } from './http'
import { address } from './places'
import { refusal, Refused, NO_NETWORK } from './refused'
import { accessToken, renewed } from './session'

/** A picture that only its owner may see, as an address that an image can show. Throws Refused. */
export async function ownPicture(path: string): Promise<string> {
  const token = accessToken()
  try {
    return await asked(path)
  } catch (thrown) {
    if (thrown instanceof Refused && thrown.status === 401 && (await renewed(token))) return asked(path)
    throw thrown
  }
}

function asked(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(path),
      header: headers(),
      responseType: 'arraybuffer',
      timeout: 30_000,
      success: (reply) => {
        if (reply.statusCode !== 200) return reject(refusal(reply.statusCode, null))
        resolve(`data:image/jpeg;base64,${uni.arrayBufferToBase64(reply.data as ArrayBuffer)}`)
      },
      fail: () => reject(new Refused('no_network', NO_NETWORK)),
    })
  })
}
