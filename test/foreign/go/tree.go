// Judges trees, tiles and proofs with golang.org/x/mod/sumdb/tlog. Reads one JSON object, writes one.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	Size int64
	Root string
}

type recordClaim struct {
	Index, Size int64
	Leaf, Root  string
	Proof       []string
}

type treeClaim struct {
	OldSize, NewSize int64
	OldRoot, NewRoot string
	Proof            []string
}

type input struct {
	Folder  string
	Trees   []tree
	Records []recordClaim
	Growths []treeClaim
	// Proofs of every index and every older size for all sizes up to this one are made here too.
	PairsUpTo int64
}

type output struct {
	// One line per tree: empty when tiles and entries lead to its root, or what is wrong.
	Trees   []string
	Records []bool
	Growths []bool
	// SHA-256 over all proofs, hash after hash.
	Inclusions    string
	Consistencies string
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	var out output
	for _, t := range in.Trees {
		out.Trees = append(out.Trees, judgeTree(in.Folder, t))
	}
	for _, c := range in.Records {
		err := tlog.CheckRecord(hashes(c.Proof), c.Size, hash(c.Root), c.Index, hash(c.Leaf))
		out.Records = append(out.Records, err == nil)
	}
	for _, c := range in.Growths {
		err := tlog.CheckTree(hashes(c.Proof), c.NewSize, hash(c.NewRoot), c.OldSize, hash(c.OldRoot))
		out.Growths = append(out.Growths, err == nil)
	}
	if in.PairsUpTo > 0 {
		out.Inclusions, out.Consistencies = provePairs(in.Folder, in.PairsUpTo)
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

// The root from the tiles, the root from the entries alone, and every tile of the tree byte for byte.
func judgeTree(folder string, t tree) string {
	root := hash(t.Root)
	if t.Size == 0 {
		if root != sha256.Sum256(nil) {
			return "another root than that of nothing"
		}
		return ""
	}
	reader := tlog.TileHashReader(tlog.Tree{N: t.Size, Hash: root}, tiles{folder})
	got, err := tlog.TreeHash(t.Size, reader)
	if err != nil {
		return "tiles: " + err.Error()
	}
	if got != root {
		return "tiles: another root"
	}
	stored, err := storedHashes(folder, t.Size)
	if err != nil {
		return "entries: " + err.Error()
	}
	got, err = tlog.TreeHash(t.Size, stored)
	if err != nil || got != root {
		return "entries: another root"
	}
	for _, tile := range tilesOf(t.Size) {
		want, err := tlog.ReadTileData(tile, stored)
		check(err)
		got, err := os.ReadFile(filepath.Join(folder, tilePath(tile)))
		if err != nil || !bytes.Equal(got, want) {
			return "tiles: " + tilePath(tile) + " is missing or another"
		}
	}
	return ""
}

// All full tiles and the last partial one of each level. Go's NewTiles lists every partial one on the way too.
func tilesOf(size int64) []tlog.Tile {
	var list []tlog.Tile
	for level, count := 0, size; count > 0; level, count = level+1, count/256 {
		for n := int64(0); n < count/256; n++ {
			list = append(list, tlog.Tile{H: 8, L: level, N: n, W: 256})
		}
		if count%256 > 0 {
			list = append(list, tlog.Tile{H: 8, L: level, N: count / 256, W: int(count % 256)})
		}
	}
	return list
}

func provePairs(folder string, upTo int64) (string, string) {
	stored, err := storedHashes(folder, upTo)
	check(err)
	inclusions, consistencies := sha256.New(), sha256.New()
	for size := int64(1); size <= upTo; size++ {
		for index := int64(0); index < size; index++ {
			proof, err := tlog.ProveRecord(size, index, stored)
			check(err)
			for _, h := range proof {
				inclusions.Write(h[:])
			}
			// Go has no proof from the empty tree; ours is empty.
			if index == 0 {
				continue
			}
			growth, err := tlog.ProveTree(size, index, stored)
			check(err)
			for _, h := range growth {
				consistencies.Write(h[:])
			}
		}
	}
	encode := base64.StdEncoding.EncodeToString
	return encode(inclusions.Sum(nil)), encode(consistencies.Sum(nil))
}

// All hashes of a tree whose entries are read from their bundles.
func storedHashes(folder string, size int64) (tlog.HashReader, error) {
	var all []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			list[i] = all[index]
		}
		return list, nil
	})
	for n := int64(0); n < size; n += 256 {
		width := size - n
		if width > 256 {
			width = 256
		}
		name := tilePath(tlog.Tile{H: 8, L: 0, N: n / 256, W: int(width)})
		bundle, err := os.ReadFile(filepath.Join(folder, strings.Replace(name, "tile/0/", "tile/entries/", 1)))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			more, err := tlog.StoredHashes(n+i, entry, reader)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("bytes left over in %s", name)
		}
	}
	return reader, nil
}

type tiles struct{ folder string }

func (t tiles) Height() int                         { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(list))
	for i, tile := range list {
		content, err := os.ReadFile(filepath.Join(t.folder, tilePath(tile)))
		if err != nil {
			return nil, err
		}
		data[i] = content
	}
	return data, nil
}

// The path of tlog-tiles: without the height, which is always 8 there.
func tilePath(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	check(err)
	return h
}

func hashes(texts []string) []tlog.Hash {
	var list []tlog.Hash
	for _, text := range texts {
		list = append(list, hash(text))
	}
	return list
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
