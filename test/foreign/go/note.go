// Opens signed notes with golang.org/x/mod/sumdb/note, and signs some. Reads one JSON object, writes one.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

type input struct {
	Vkeys []string
	Notes []string
	// A text that is signed here with new keys: a note key and a co-signature key.
	Text string
	Time uint64
}

type opened struct {
	Error string
	Names []string
}

type output struct {
	Opened []opened
	Note   string
	Vkeys  []string
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	var verifiers []note.Verifier
	for _, vkey := range in.Vkeys {
		verifiers = append(verifiers, verifierOf(vkey))
	}
	var out output
	for _, text := range in.Notes {
		out.Opened = append(out.Opened, open(text, verifiers))
	}
	out.Note, out.Vkeys = sign(in.Text, in.Time)
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func open(text string, verifiers []note.Verifier) opened {
	n, err := note.Open([]byte(text), note.VerifierList(verifiers...))
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return opened{Error: "unverified"}
	case errors.As(err, &invalid):
		return opened{Error: "invalid"}
	case err != nil:
		return opened{Error: "malformed"}
	}
	names := []string{}
	for _, signature := range n.Sigs {
		names = append(names, signature.Name)
	}
	return opened{Names: names}
}

func sign(text string, time uint64) (string, []string) {
	skey, vkey, err := note.GenerateKey(rand.Reader, "go.example/log")
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	witness := &cosigner{verifier{name: "go.example/witness", key: public}, private, time}
	signed, err := note.Sign(&note.Note{Text: text}, signer, witness)
	check(err)
	typed := append([]byte{0x04}, public...)
	id := fmt.Sprintf("%08x", witness.KeyHash())
	witnessVkey := witness.name + "+" + id + "+" + base64.StdEncoding.EncodeToString(typed)
	return string(signed), []string{vkey, witnessVkey}
}

func verifierOf(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if key[0] != 0x04 {
		v, err := note.NewVerifier(vkey)
		check(err)
		return v
	}
	v := verifier{name: parts[0], key: key[1:]}
	if fmt.Sprintf("%08x", v.KeyHash()) != parts[1] {
		check(errors.New("another key ID"))
	}
	return v
}

// A key of the type 0x04: time-stamped co-signatures.
type verifier struct {
	name string
	key  ed25519.PublicKey
}

func (v verifier) Name() string { return v.name }

func (v verifier) KeyHash() uint32 {
	sum := sha256.Sum256(bytes.Join([][]byte{[]byte(v.name), {'\n', 0x04}, v.key}, nil))
	return binary.BigEndian.Uint32(sum[:])
}

func (v verifier) Verify(text, signature []byte) bool {
	if len(signature) != 72 {
		return false
	}
	return ed25519.Verify(v.key, message(text, binary.BigEndian.Uint64(signature)), signature[8:])
}

type cosigner struct {
	verifier
	private ed25519.PrivateKey
	time    uint64
}

func (c *cosigner) Sign(text []byte) ([]byte, error) {
	signature := ed25519.Sign(c.private, message(text, c.time))
	return append(binary.BigEndian.AppendUint64(nil, c.time), signature...), nil
}

func message(text []byte, time uint64) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
