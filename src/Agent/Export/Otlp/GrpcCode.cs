using System.Net;

namespace Observe.Agent.Export.Otlp;

/// <summary>gRPC status codes, and which of them OTLP retries. Specifications: grpc <c>statuscodes.md</c>, OTLP "Failures", <c>http-grpc-status-mapping.md</c>.</summary>
internal static class GrpcCode
{
    public const int Ok = 0;
    public const int Cancelled = 1;
    public const int Unknown = 2;
    public const int DeadlineExceeded = 4;
    public const int PermissionDenied = 7;
    public const int ResourceExhausted = 8;
    public const int Aborted = 10;
    public const int OutOfRange = 11;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;
    public const int DataLoss = 15;
    public const int Unauthenticated = 16;

    private static readonly string[] Names =
    [
        "ok", "cancelled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists", "permission_denied", "resource_exhausted",
        "failed_precondition", "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
    ];

    /// <summary>A code's name in lower case; <c>other</c> if it has none.</summary>
    public static string Name(int code) => code >= 0 && code < Names.Length ? Names[code] : "other";

    /// <summary>Whether trying again may help.</summary>
    /// <param name="code">The code.</param>
    /// <param name="hasRetryInfo">Whether the receiver said when: without that, exhaustion is taken to last.</param>
    public static bool IsRetryable(int code, bool hasRetryInfo) => code switch
    {
        Cancelled or DeadlineExceeded or Aborted or OutOfRange or Unavailable or DataLoss => true,
        ResourceExhausted => hasRetryInfo,
        _ => false,
    };

    /// <summary>The code that stands for an HTTP status of something that is not gRPC, a proxy for example.</summary>
    public static int FromHttp(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => Internal,
        HttpStatusCode.Unauthorized => Unauthenticated,
        HttpStatusCode.Forbidden => PermissionDenied,
        HttpStatusCode.NotFound => Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Unavailable,
        _ => Unknown,
    };
}
