#!/bin/sh
# Makes self-signed.p12: a certificate that nobody has signed, for a name that nobody has, and that is over.
set -e
cd "$(dirname "$0")"
rm -f self-signed.p12
keytool -genkeypair -alias server -keyalg EC -groupname secp256r1 -dname "CN=not-the-host" \
  -startdate "2020/01/01 00:00:00" -validity 1 -storetype PKCS12 -keystore self-signed.p12 -storepass changeit
