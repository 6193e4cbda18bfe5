#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.PowerShell.PlatyPS'; ModuleVersion = '1.0.0' }
<#
.SYNOPSIS
Makes the help that Get-Help shows (MAML) from the pages under docs/cmdlets.
.DESCRIPTION
PlatyPS reads the pages; whatever it does not understand stops here, by page and line. What it exports is then made fit for the console:
Markdown's marks and fences go, tables become lists, lines break between words, types have short names, and default values, which PlatyPS
leaves out, come in. The address of a page is put in front of its name out of src/AtomProNet.PS/Hosting/HelpPages.cs, the only
place where it stands. Beside each cmdlet stands the hash of its page, by which a test finds help that is older than its page.
.PARAMETER PagePath
The folder with the pages.
.PARAMETER Destination
The file to write.
.EXAMPLE
./docs/Export-Help.ps1
#>
[CmdletBinding()]
param(
    [string] $PagePath = (Join-Path $PSScriptRoot 'cmdlets'),
    [string] $Destination = (Join-Path $PSScriptRoot '../module/en-US/AtomProNet.PS.dll-Help.xml')
)

$ErrorActionPreference = 'Stop'
Import-Module Microsoft.PowerShell.PlatyPS

# Where the pages will be read.
$source = Get-Content -LiteralPath (Join-Path $PSScriptRoot '../src/AtomProNet.PS/Hosting/HelpPages.cs') -Raw
$null = $source -match 'Project = "([^"]+)"'
$root = $Matches[1]
$null = $source -match 'Root = Project \+ "([^"]+)"'
$root += $Matches[1]

# Help is indented by up to eight columns; with this the lines fit into 80.
$width = 70

# Without the marks of Markdown; what stands between backticks is left alone but for these.
function ConvertTo-PlainText([string] $Text) {
    $parts = $Text -split '(`[^`]+`)'
    $plain = foreach ($part in $parts) {
        if ($part -match '^`(.+)`$') { $Matches[1] }
        else { $part -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '\*\*([^*]+)\*\*', '$1' -replace '(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])', '$1' -replace '\\([|*_])', '$1' }
    }
    -join $plain
}

# Lines broken between words.
function Format-Line([string] $Text, [string] $First = '', [string] $Next = $First) {
    $line = $First
    $lines = [Collections.Generic.List[string]]::new()
    foreach ($word in $Text -split '\s+' | Where-Object Length) {
        if ($line.Trim().Length -gt 0 -and $line -ne $First -and $line.Length + 1 + $word.Length -gt $width) {
            $lines.Add($line)
            $line = $Next + $word
        }
        elseif ($line -eq $First -or $line -eq $Next) { $line += $word }
        else { $line += ' ' + $word }
    }

    $lines.Add($line)
    $lines -join "`n"
}

# A table as a list: each row's first cell, and below it the others.
function Format-Row([string[]] $Row) {
    # A bar inside a code span or behind a backslash does not end a cell.
    $cells = { param($line) ($line.Trim().Trim('|') -split '(?<!\\)\|(?=(?:[^`]*`[^`]*`)*[^`]*$)') | ForEach-Object { (ConvertTo-PlainText $_).Trim() } }
    $header = @(& $cells $Row[0])
    foreach ($line in $Row | Select-Object -Skip 2) {
        $values = @(& $cells $line)
        $text = $values[0]
        for ($i = 1; $i -lt $values.Count; $i++) {
            if ($values[$i]) {
                $label = $header.Count -gt 2 ? "$($header[$i]): " : ''
                $text += "`n" + (Format-Line ($label + $values[$i]) -First '    ' -Next '      ')
            }
        }

        $text
    }
}

# Markdown as paragraphs for the console.
function ConvertTo-Paragraph([string] $Markdown) {
    foreach ($piece in Split-Fence $Markdown) {
        if ($piece.IsCode) {
            ($piece.Text -split "`n" | ForEach-Object { '    ' + $_ }) -join "`n"
            continue
        }

        foreach ($block in $piece.Text -split "\n\s*\n" | Where-Object { $_.Trim() }) {
            $lines = @($block.Trim("`n") -split "`n")
            if ($lines[0] -match '^\s*\|' -and $lines.Count -gt 2) {
                Format-Row $lines
            }
            elseif ($lines[0] -match '^(-|\d+\.) ') {
                $items = ($block.Trim("`n") -split "\n(?=-|\d+\. )")
                ($items | ForEach-Object { $null = $_ -match '^(-|\d+\.)\s+'; Format-Line (ConvertTo-PlainText $_.Substring($Matches[0].Length)) -First ($Matches[1] + ' ') -Next '  ' }) -join "`n"
            }
            else {
                Format-Line (ConvertTo-PlainText ($lines -join ' '))
            }
        }
    }
}

# Text and fenced code, in their order.
function Split-Fence([string] $Markdown) {
    $inside = $false
    $buffer = [Collections.Generic.List[string]]::new()
    foreach ($line in $Markdown -split "\r?\n") {
        if ($line -match '^```') {
            if (($buffer -join '').Trim()) { [pscustomobject]@{ IsCode = $inside; Text = ($buffer -join "`n").Trim("`n") } }
            $buffer.Clear()
            $inside = -not $inside
        }
        else {
            $buffer.Add($line)
        }
    }

    if (($buffer -join '').Trim()) { [pscustomobject]@{ IsCode = $false; Text = ($buffer -join "`n").Trim("`n") } }
}

# The names that PowerShell shows in a syntax.
function Get-ShortType([string] $Type) {
    $known = @{
        'System.String' = 'string'; 'System.Int32' = 'int'; 'System.Int64' = 'long'; 'System.Double' = 'double'; 'System.Decimal' = 'decimal'
        'System.Boolean' = 'bool'; 'System.Object' = 'Object'; 'System.Management.Automation.SwitchParameter' = 'SwitchParameter'
    }
    $plain = $Type -replace '^System\.Nullable`1\[([^\[\],]+).*\]$', '$1'
    $element = $plain -replace '(\[\])+$'
    $short = $known[$element] ?? ($element -split '[.+]')[-1]
    $short + $plain.Substring($element.Length)
}

$pages = Get-ChildItem -LiteralPath $PagePath -Filter *.md | Sort-Object { $_.BaseName } -Culture ''
$commands = foreach ($page in $pages) {
    if ((Get-Content -LiteralPath $page.FullName -TotalCount 1) -ne '---') {
        Write-Warning "$($page.Name) is left out: it is not in PlatyPS's form (New-MarkdownCommandHelp makes a page to fill in)."
        continue
    }

    $command = Import-MarkdownCommandHelp -LiteralPath $page.FullName
    $faults = @($command.Diagnostics.Messages | Where-Object Severity -ne 'Information')
    if ($faults) {
        throw "$($page.Name): " + (($faults | ForEach-Object { "line $($_.Line): $($_.Source): $($_.Message) $($_.Identifier)" }) -join '; ')
    }

    $command
}

$temporary = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
try {
    $exported = Export-MamlCommandHelp -CommandHelp $commands -OutputFolder $temporary -Force
    $document = [xml]::new()
    $document.PreserveWhitespace = $false
    $document.Load(@($exported)[0].FullName)
}
finally {
    Remove-Item -LiteralPath $temporary -Recurse -Force -ErrorAction Ignore
}

$names = [Xml.XmlNamespaceManager]::new($document.NameTable)
$names.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
$names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
$names.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')

function Write-Paragraph([Xml.XmlElement] $Parent, [string[]] $Text) {
    $Parent.RemoveAll()
    foreach ($paragraph in $Text) {
        $null = Add-Element $Parent 'maml:para' -Text $paragraph
    }
}

function Add-Element([Xml.XmlElement] $Parent, [string] $Name, [string] $Text) {
    $prefix, $local = $Name -split ':'
    $element = $document.CreateElement($prefix, $local, $names.LookupNamespace($prefix))
    if ($Text) { $element.InnerText = $Text }
    $null = $Parent.AppendChild($element)
    $element
}

foreach ($command in @($commands)) {
    $node = $document.SelectSingleNode("//command:command[command:details/command:name='$($command.Title)']", $names)
    $page = Join-Path $PagePath "$($command.Title).md"
    $text = [IO.File]::ReadAllText($page).Replace("`r`n", "`n")
    $hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($text))).ToLowerInvariant()
    $null = $node.PrependChild($document.CreateComment(" $($command.Title).md $hash "))

    Write-Paragraph $node.SelectSingleNode('command:details/maml:description', $names) (ConvertTo-Paragraph $command.Synopsis)
    Write-Paragraph $node.SelectSingleNode('maml:description', $names) (ConvertTo-Paragraph $command.Description)

    foreach ($parameter in $node.SelectNodes('command:parameters/command:parameter', $names)) {
        $name = $parameter.SelectSingleNode('maml:name', $names).InnerText
        $help = $command.Parameters | Where-Object Name -eq $name
        Write-Paragraph $parameter.SelectSingleNode('maml:description', $names) (ConvertTo-Paragraph $help.Description)
        foreach ($type in $parameter.SelectNodes('dev:type/maml:name | command:parameterValue', $names)) { $type.InnerText = Get-ShortType $type.InnerText }
        if ($help.DefaultValue) { $null = Add-Element $parameter 'dev:defaultValue' -Text $help.DefaultValue }
    }

    foreach ($note in $node.SelectNodes('maml:alertSet/maml:alert', $names)) { Write-Paragraph $note (ConvertTo-Paragraph $command.Notes) }
    foreach ($side in @(@('inputTypes/command:inputType', $command.Inputs), @('returnValues/command:returnValue', $command.Outputs))) {
        foreach ($item in $node.SelectNodes("command:$($side[0])", $names)) {
            $typeName = $item.SelectSingleNode('dev:type/maml:name', $names).InnerText
            $help = $side[1] | Where-Object Typename -eq $typeName | Select-Object -First 1
            Write-Paragraph $item.SelectSingleNode('maml:description', $names) (ConvertTo-Paragraph $help.Description)
        }
    }

    $examples = $node.SelectSingleNode('command:examples', $names)
    $examples.RemoveAll()
    foreach ($example in $command.Examples) {
        $element = Add-Element $examples 'command:example'
        $null = Add-Element $element 'maml:title' -Text "---------- $($example.Title) ----------"
        $introduction = Add-Element $element 'maml:introduction'
        $code = Add-Element $element 'dev:code'
        $remarks = Add-Element $element 'dev:remarks'
        $pieces = @(Split-Fence $example.Remarks)
        $first = [array]::FindIndex($pieces, [Predicate[object]] { $args[0].IsCode })
        if ($first -gt 0) { Write-Paragraph $introduction ($pieces[0..($first - 1)] | ForEach-Object { ConvertTo-Paragraph $_.Text }) }
        if ($first -ge 0) { $code.InnerText = $pieces[$first].Text }
        $rest = $pieces | Select-Object -Skip ($first + 1) | ForEach-Object { if ($_.IsCode) { $_.Text } else { ConvertTo-Paragraph $_.Text } }
        if ($rest) { Write-Paragraph $remarks $rest }
    }

    # The address of the page stands first; the other cmdlets are found by Get-Help itself.
    $seen = @{}
    foreach ($link in @($node.SelectNodes('command:relatedLinks/maml:navigationLink', $names))) {
        $uri = $link.SelectSingleNode('maml:uri', $names)
        if ($link.SelectSingleNode('maml:linkText', $names).InnerText -eq 'Online version' -or $uri.InnerText -eq "$($command.Title).md") { $uri.InnerText = "$root$($command.Title).md" }
        if ($uri.InnerText -notmatch '^https?:') { $uri.InnerText = '' }
        $key = $uri.InnerText ? $uri.InnerText : $link.SelectSingleNode('maml:linkText', $names).InnerText
        if ($seen[$key]) { $null = $link.ParentNode.RemoveChild($link) }
        $seen[$key] = $true
    }
}

$null = $document.InsertBefore($document.CreateComment(' Made from docs/cmdlets by docs/Export-Help.ps1 (build.ps1 -Task Help). Change the pages, not this file. '), $document.DocumentElement)
$settings = [Xml.XmlWriterSettings]::new()
$settings.Indent = $true
$settings.NewLineChars = "`n"
$settings.Encoding = [Text.UTF8Encoding]::new($false)
$null = New-Item -ItemType Directory -Path (Split-Path $Destination) -Force
$writer = [Xml.XmlWriter]::Create($Destination, $settings)
try {
    $document.Save($writer)
}
finally {
    $writer.Dispose()
}

Get-Item -LiteralPath $Destination
