"""A vault for private keys: AWS KMS encrypts and decrypts them itself, under a key that never leaves it.

At most 4,096 bytes (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html): an RSA key of 4,096 bits
takes 2,400.
"""

import boto3


class KmsVault:
    def __init__(self, key_id: str) -> None:
        self._key_id = key_id
        self._kms = boto3.client("kms")

    def seal(self, secret: bytes, context: dict[str, str]) -> bytes:
        answer = self._kms.encrypt(KeyId=self._key_id, Plaintext=secret, EncryptionContext=context)
        sealed: bytes = answer["CiphertextBlob"]
        return sealed

    def reveal(self, sealed: bytes, context: dict[str, str]) -> bytes:
        answer = self._kms.decrypt(KeyId=self._key_id, CiphertextBlob=sealed, EncryptionContext=context)
        secret: bytes = answer["Plaintext"]
        return secret
