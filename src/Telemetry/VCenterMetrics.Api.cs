using Observe.Telemetry.Model;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    private static MetricDescriptor[] ApiMetrics => [];
}
