using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>Answers as a vCenter writes them.</summary>
internal static partial class Envelope
{
    public const string Begin =
        """<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>""";

    public const string End = "</soapenv:Body></soapenv:Envelope>";

    public static string Of(string method, string returned) => $"""{Begin}<{method}Response xmlns="urn:vim25">{returned}</{method}Response>{End}""";

    public static string Fault(string type, string message) =>
        $"""{Begin}<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>{message}</faultstring><detail><{type}Fault xmlns="urn:vim25" xsi:type="{type}"></{type}Fault></detail></soapenv:Fault>{End}""";

    public const string Content = """
        <returnval><rootFolder type="Folder">group-d1</rootFolder><propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>
        <viewManager type="ViewManager">ViewManager</viewManager>
        <about><name>VMware vCenter Server</name><fullName>VMware vCenter Server 8.0.2 build-1</fullName><version>8.0.2</version><build>1</build><apiType>VirtualCenter</apiType><apiVersion>8.0.2.0</apiVersion><instanceUuid>0b5e6a4c</instanceUuid></about>
        <setting type="OptionManager">VpxSettings</setting><sessionManager type="SessionManager">SessionManager</sessionManager></returnval>
        """;

    public static async Task SendAsync(this HttpContext context, string body, int status = 200, string? type = "text/xml; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    public static Task SendFaultAsync(this HttpContext context, string type, string message = "refused") => context.SendAsync(Fault(type, message), 500);

    public static string MethodOf(string request) => FirstOfBody().Match(request).Groups[1].Value;

    [GeneratedRegex(@"Body><([A-Za-z]+) ")]
    private static partial Regex FirstOfBody();
}
