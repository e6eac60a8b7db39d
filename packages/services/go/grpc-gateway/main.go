// A gRPC server with the demo service of @cloudbench/driver-grpc, and a grpc-gateway in front of it, on one port.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"

	"cloudbench/gateway/demo"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
)

func main() {
	address := flag.String("listen", "127.0.0.1:50051", "host and port")
	flag.Parse()
	if err := serve(*address); err != nil {
		log.Fatal(err)
	}
}

func serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	native, web := split(listener)

	server := grpc.NewServer()
	demo.RegisterLibraryServer(server, &library{})
	reflection.Register(server)
	healthy := health.NewServer()
	healthy.SetServingStatus(demo.Library_ServiceDesc.ServiceName, grpc_health_v1.HealthCheckResponse_SERVING)
	grpc_health_v1.RegisterHealthServer(server, healthy)
	go func() { log.Fatal(server.Serve(native)) }()

	// The gateway calls the server as any other client does, over the network.
	gateway := runtime.NewServeMux()
	credentials := grpc.WithTransportCredentials(insecure.NewCredentials())
	own := listener.Addr().String()
	if err := demo.RegisterLibraryHandlerFromEndpoint(context.Background(), gateway, own, []grpc.DialOption{credentials}); err != nil {
		return err
	}
	log.Printf("listening on %s", own)
	return http.Serve(web, gateway)
}
