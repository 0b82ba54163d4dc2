using Microsoft.Playwright;

namespace Observe.Agent.Tests.Live.Page;

/// <summary>The distribution's chromium, without a window, driven by Playwright; nothing is downloaded.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Why there is none here, or null.</summary>
    public static string? Missing { get; } = Program is null ? "needs chromium: run 'make test', which installs it" : null;

    private static string? Program => Array.Find(Programs, File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        playwright = await Playwright.CreateAsync();
        // Its sandbox does not work for root.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [] });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A window of its own, which takes note of what it complains of and what it asks for.</summary>
    public async Task<Visit> VisitAsync(Uri agent, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        options ??= new();
        options.ViewportSize ??= new() { Width = 1360, Height = 900 };
        return await Visit.BeginAsync(await browser!.NewContextAsync(options), agent);
    }
}
