namespace Observe.Agent.Export.Otlp;

/// <summary>How OTLP requests travel.</summary>
public enum OtlpProtocol
{
    /// <summary><c>http/protobuf</c>: POST of protobuf bodies; usually port 4318.</summary>
    HttpProtobuf,

    /// <summary><c>grpc</c>: HTTP/2, with prior knowledge where the endpoint is <c>http://</c>; usually port 4317.</summary>
    Grpc,
}
