using System.Globalization;
using System.Text;

namespace Vorel.Testing.Faults;

/// <summary>503 ServerBusy as each service words it: JSON from tables, which send no code in a header; XML from the others, which do.</summary>
internal static class BusyAnswer
{
    public static byte[] For(StorageService service, TimeSpan? retryAfter)
    {
        var now = DateTimeOffset.UtcNow;
        var request = Guid.NewGuid();
        var text = $"The server is busy.\\nRequestId:{request}\\nTime:{now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}";
        var (type, body) = service == StorageService.Table
            ? ("application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
                $$$$"""{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"{{{{text}}}}"}}}""")
            : ("application/xml",
                $"""<?xml version="1.0" encoding="utf-8"?><Error><Code>ServerBusy</Code><Message>{text.Replace("\\n", "\n", StringComparison.Ordinal)}</Message></Error>""");
        var head = new StringBuilder()
            .Append("HTTP/1.1 503 The server is busy.\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n")
            .Append("Server: FaultProxy\r\n")
            .Append(CultureInfo.InvariantCulture, $"x-ms-request-id: {request}\r\n")
            .Append("x-ms-version: 2020-12-06\r\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {now:r}\r\n");
        if (service != StorageService.Table)
        {
            head.Append("x-ms-error-code: ServerBusy\r\n");
        }

        if (retryAfter is { } wait)
        {
            head.Append(CultureInfo.InvariantCulture, $"Retry-After: {Math.Ceiling(wait.TotalSeconds)}\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").Append(body).ToString());
    }
}
