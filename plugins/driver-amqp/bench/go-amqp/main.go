// The Go client in ordinary use, for bench/issue.ts: goroutines that each wait for the outcome of a message.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Azure/go-amqp"
)

func main() {
	url, address := os.Args[1], os.Args[2]
	connections, depth, size := number(3), number(4), number(5)
	seconds, err := strconv.ParseFloat(os.Args[6], 64)
	check(err)
	ctx := context.Background()
	body := make([]byte, size)
	var sent atomic.Int64
	var streams sync.WaitGroup
	var opened []*amqp.Conn
	var senders []*amqp.Sender
	for range connections {
		conn, err := amqp.Dial(ctx, url, &amqp.ConnOptions{SASLType: amqp.SASLTypePlain("guest", "guest")})
		check(err)
		session, err := conn.NewSession(ctx, nil)
		check(err)
		sender, err := session.NewSender(ctx, address, nil)
		check(err)
		opened = append(opened, conn)
		senders = append(senders, sender)
	}
	until := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	for _, sender := range senders {
		for range depth {
			streams.Go(func() {
				for time.Now().Before(until) {
					check(sender.Send(ctx, amqp.NewMessage(body), nil))
					sent.Add(1)
				}
			})
		}
	}
	streams.Wait()
	for _, conn := range opened {
		_ = conn.Close()
	}
	fmt.Println(sent.Load(), "requests")
}

func number(at int) int {
	value, err := strconv.Atoi(os.Args[at])
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
