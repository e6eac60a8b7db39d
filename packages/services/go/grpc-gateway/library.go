package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"cloudbench/gateway/demo"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// library does what library.proto says of every method.
type library struct {
	demo.UnimplementedLibraryServer
}

func (*library) GetBook(_ context.Context, request *demo.GetBookRequest) (*demo.Book, error) {
	if strings.Contains(request.Name, "missing") {
		return nil, status.Errorf(codes.NotFound, "there is no %s", request.Name)
	}
	name := request.Name
	if name == "" {
		name = "books/" + request.Isbn
	}
	title, err := protojson.Marshal(request)
	if err != nil {
		return nil, err
	}
	return &demo.Book{Name: name, Title: string(title), Pages: 9007199254740993}, nil
}

func (*library) CreateBook(_ context.Context, request *demo.CreateBookRequest) (*demo.Book, error) {
	if request.Book == nil {
		return &demo.Book{}, nil
	}
	return request.Book, nil
}

func (*library) UpdateBook(_ context.Context, book *demo.Book) (*demo.Book, error) {
	return book, nil
}

func (*library) ArchiveBook(_ context.Context, request *demo.ArchiveBookRequest) (*demo.Book, error) {
	return &demo.Book{Name: request.Name, Title: request.Reason}, nil
}

func (*library) ListBooks(request *demo.ListBooksRequest, stream grpc.ServerStreamingServer[demo.Book]) error {
	for at := range request.Count {
		if err := stream.Send(&demo.Book{Name: fmt.Sprintf("%s/books/%d", request.Parent, at)}); err != nil {
			return err
		}
	}
	return nil
}

func (*library) ImportBooks(stream grpc.ClientStreamingServer[demo.Book, demo.Inventory]) error {
	inventory := &demo.Inventory{}
	for {
		book, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(inventory)
		}
		if err != nil {
			return err
		}
		inventory.Books++
		inventory.Pages += book.Pages
	}
}

func (*library) ExchangeBooks(stream grpc.BidiStreamingServer[demo.Book, demo.Book]) error {
	for {
		book, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(book); err != nil {
			return err
		}
	}
}
