package main

import (
	"bufio"
	"bytes"
	"net"
)

// What every HTTP/2 connection begins with.
var preface = []byte("PRI * HTTP/2")

// split gives connections that begin as HTTP/2 does to the first listener, and all others to the second.
func split(listener net.Listener) (native, web net.Listener) {
	first := &half{Listener: listener, connections: make(chan net.Conn), failed: make(chan error, 1)}
	second := &half{Listener: listener, connections: make(chan net.Conn), failed: make(chan error, 1)}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				first.failed <- err
				second.failed <- err
				return
			}
			go route(connection, first, second)
		}
	}()
	return first, second
}

func route(connection net.Conn, native, web *half) {
	peeked := &peekedConn{Conn: connection, reader: bufio.NewReader(connection)}
	begin, err := peeked.reader.Peek(len(preface))
	if err != nil {
		connection.Close()
		return
	}
	if bytes.Equal(begin, preface) {
		native.connections <- peeked
	} else {
		web.connections <- peeked
	}
}

type half struct {
	net.Listener
	connections chan net.Conn
	failed      chan error
}

func (h *half) Accept() (net.Conn, error) {
	select {
	case connection := <-h.connections:
		return connection, nil
	case err := <-h.failed:
		return nil, err
	}
}

// peekedConn reads first what was peeked.
type peekedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (c *peekedConn) Read(into []byte) (int, error) {
	return c.reader.Read(into)
}
